const audio = document.querySelector('audio');
const scroller = document.querySelector('.scroller');
const overview = document.querySelector('.overview');
const heads = document.querySelectorAll('.playhead');
const rows = [...document.querySelectorAll('tr[data-from]')];
const pxPerSecond = Number(scroller.dataset.pxPerSecond);

function show() {
  const seconds = audio.currentTime;
  const x = seconds * pxPerSecond;
  for (const head of heads) {
    const inOverview = head.parentElement === overview;
    const position = inOverview ? (seconds / (audio.duration || 1)) * 1000 : x;
    head.setAttribute('x1', position);
    head.setAttribute('x2', position);
  }
  for (const row of rows) {
    const speaking = seconds * 1000 >= row.dataset.from && seconds * 1000 < row.dataset.to;
    row.toggleAttribute('data-now', speaking && seconds > 0);
  }
  const { scrollLeft, clientWidth } = scroller;
  if (!audio.paused && (x < scrollLeft || x > scrollLeft + clientWidth * 0.8)) {
    scroller.scrollLeft = x - clientWidth * 0.2;
  }
  if (!audio.paused) requestAnimationFrame(show);
}

function playFrom(seconds) {
  audio.currentTime = seconds;
  audio.play();
}

if (audio) {
  for (const event of ['play', 'seeked', 'timeupdate']) audio.addEventListener(event, show);
  for (const button of document.querySelectorAll('button[data-at]')) {
    button.addEventListener('click', () => playFrom(button.dataset.at / 1000));
  }
  overview.addEventListener('click', ({ clientX }) => {
    const { left, width } = overview.getBoundingClientRect();
    audio.currentTime = ((clientX - left) / width) * audio.duration;
    scroller.scrollLeft = audio.currentTime * pxPerSecond - scroller.clientWidth * 0.3;
  });
  scroller.addEventListener('click', ({ clientX }) => {
    const { left } = scroller.getBoundingClientRect();
    audio.currentTime = (clientX - left + scroller.scrollLeft) / pxPerSecond;
  });
} else {
  for (const button of document.querySelectorAll('button[data-at]')) button.disabled = true;
}
