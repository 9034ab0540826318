"""What rendered files say, without the model that made them: documents, Applications, and what joins them."""
