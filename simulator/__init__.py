"""What is true: pure simulators of ECS. No Streamlit, no clock, no global randomness."""
