"""Running cases taken over to another version of their process: planned, tried, done one by one or many, taken back."""
