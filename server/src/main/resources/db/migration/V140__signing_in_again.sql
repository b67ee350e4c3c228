-- When a person has last shown who they are, as far as it is known: what an identity provider
-- vouches for may rest on a sign-in there of hours ago, and an old token on one of months ago.
ALTER TABLE sign_in_session ADD COLUMN shown_at timestamptz;
ALTER TABLE operator_token ADD COLUMN shown_at timestamptz;

-- Who has to sign in, where somebody who is signed in shows once more who they are.
ALTER TABLE sign_in_attempt ADD COLUMN person text;
