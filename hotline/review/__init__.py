"""The hotline's review of replies: signals of perfunctory ones, verdicts, and what follows from them."""
