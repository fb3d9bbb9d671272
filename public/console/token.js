// The token stands behind the # of the address, which no server sees. It is shown, and taken out of the address and
// with it out of the browser's history.
const token = new URLSearchParams(location.hash.slice(1)).get('access_token')
document.getElementById('token').textContent = token ?? 'There is no token in this address.'
// Browsers let pages copy only where nobody on the way can read along.
const copy = document.getElementById('copy')
copy.hidden = token === null || !navigator.clipboard
copy.onclick = async () => {
  await navigator.clipboard.writeText(token)
  copy.textContent = 'Copied'
}
history.replaceState(null, '', location.pathname)
