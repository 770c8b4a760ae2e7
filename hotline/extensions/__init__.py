"""Extensions (延期): asked before the due time; only the hotline's approval moves it."""
