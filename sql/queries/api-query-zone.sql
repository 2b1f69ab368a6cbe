-- Time zone of the server: of the times that state none.
SELECT timezone() AS zone
