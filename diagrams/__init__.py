"""What is drawn: simulator states as diagrams. One model, three faces: SVG, Graphviz, text."""
