-- Mails to an address that anybody can have sent by typing it count by themselves: they neither use up nor are stopped by vendors' invitations.

ALTER TABLE recipient_count MODIFY scope ENUM('member','vendor','address','installation','asked') NOT NULL;
