"""What is wrong in one answer, told from its text and its steps; `signs` asks every detector here."""
