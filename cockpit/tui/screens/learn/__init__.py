"""Station 5 at the keyboard: its five steps, and the forms behind them."""
