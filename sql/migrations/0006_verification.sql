-- Proving a mailbox: the links that were mailed for it, and who pressed Accept before.
--
-- A link alone proves nothing, because mail scanners open every link (security.md, 2): it works in the browser that registered, of
-- which a keyed hash is kept, or together with the password.

ALTER TABLE account
  ADD COLUMN unfinished BOOL NOT NULL DEFAULT 0 COMMENT 'registered by somebody who has yet to prove the mailbox; its owner may take it over' AFTER verified_at;

CREATE TABLE verification (
  hash       BINARY(32) NOT NULL PRIMARY KEY,
  account_id BIGINT UNSIGNED NOT NULL,
  browser    BINARY(32) NOT NULL COMMENT 'keyed hash of the cookie of the browser that asked for the mail',
  created_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  used_at    DATETIME(6) NULL COMMENT 'used, void, or never a link: the mail said that the address has an account',
  KEY verification_account (account_id, created_at),
  FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Accepted through a link that does not prove the mailbox: connected when the address is verified, if the invitation is still open then.
CREATE TABLE waiting_acceptance (
  account_id    BIGINT UNSIGNED NOT NULL,
  invitation_id BIGINT UNSIGNED NOT NULL,
  company_id    BIGINT UNSIGNED NOT NULL,
  created_at    DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, invitation_id),
  FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE,
  FOREIGN KEY (invitation_id) REFERENCES invitation (id) ON DELETE CASCADE,
  FOREIGN KEY (company_id) REFERENCES company (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
