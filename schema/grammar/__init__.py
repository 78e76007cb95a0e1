"""The grammar of terms: what a printed or typed text means, read whole or not at all."""
