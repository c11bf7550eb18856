"""Ways a mail leaves the house: a folder, SMTP, or SendGrid. They know neither Flask nor the database."""
