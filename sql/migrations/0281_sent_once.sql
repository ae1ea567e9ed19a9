-- Pressed twice, a form that sends something finds what its first press has sent, and says so, instead of that somebody was invited already.

ALTER TABLE invitation ADD COLUMN once BINARY(16) NULL COMMENT 'of the form that it was last sent with';
ALTER TABLE team_invitation ADD COLUMN once BINARY(16) NULL COMMENT 'of the form that it was last sent with';
ALTER TABLE connection_request ADD COLUMN once BINARY(16) NULL COMMENT 'of the form that it was last sent with';
