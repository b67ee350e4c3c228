// Asks the browser for a passkey when a form of passkeys is sent, and sends its answer along.
'use strict';

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

function creating(options) {
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: options.excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) })),
  };
}

function said(credential) {
  const response = credential.response;
  const answer = {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: { clientDataJSON: text(response.clientDataJSON) },
  };
  if (response.attestationObject) {
    answer.response.attestationObject = text(response.attestationObject);
    answer.response.transports = response.getTransports ? response.getTransports() : [];
  } else {
    answer.response.authenticatorData = text(response.authenticatorData);
    answer.response.signature = text(response.signature);
    if (response.userHandle) answer.response.userHandle = text(response.userHandle);
  }
  return answer;
}

async function ask(form) {
  const options = JSON.parse(form.dataset.options);
  return form.dataset.passkey === 'create'
    ? navigator.credentials.create({ publicKey: creating(options) })
    : navigator.credentials.get({
        publicKey: { ...options, challenge: bytes(options.challenge) },
      });
}

const says = document.querySelector('[data-passkey-says]');
says.textContent = window.PublicKeyCredential
  ? 'Your browser asks for your passkey.'
  : 'This browser knows no passkeys here; they need HTTPS, or localhost.';

for (const form of document.querySelectorAll('form[data-passkey]')) {
  form.addEventListener('submit', async (event) => {
    const field = form.querySelector('[name=answer]');
    if (field.value) return;
    event.preventDefault();
    try {
      field.value = JSON.stringify(said(await ask(form)));
      form.submit();
    } catch (failure) {
      says.textContent = 'No passkey was used: ' + failure.message;
    }
  });
}
