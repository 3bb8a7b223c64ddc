"""What data.py and plots.py call: reading a CSV, describing a figure, drawing a graph."""
