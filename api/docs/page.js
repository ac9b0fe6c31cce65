// RapiDoc hides its list of operations on a narrow screen. Its style `view` shows them as a list that opens in place.
const narrow = matchMedia('(max-width: 768px)');
const reference = document.querySelector('rapi-doc');
const adapt = () => reference.setAttribute('render-style', narrow.matches ? 'view' : 'focused');
adapt();
narrow.addEventListener('change', adapt);
