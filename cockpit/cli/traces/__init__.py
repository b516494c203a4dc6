"""Commands about traces: taken in, pulled, listed, grouped, compared, and watched by the detectors."""
