"""What moved in a stream of answers: one module for each detector, `detectors` for all of them, pages out."""
