"""What data.py and plots.py call: CSV read, figures described, graphs drawn, colours counted."""
