-- In whose place somebody has agreed: null where they held the role themselves.
ALTER TABLE approval_agreement ADD COLUMN stands_in_for text;
