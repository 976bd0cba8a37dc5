"""What is asked of an open page, in its own language: each returns the faults it has found, in words."""

LANGUAGE = """({language, quotes}) => {
  const faults = [], known = ['nb', 'nn', 'en'];
  if (document.documentElement.lang !== language) faults.push(`the page is marked ${document.documentElement.lang}`);
  for (const element of document.querySelectorAll('[lang], [hreflang]')) {
    for (const code of [element.getAttribute('lang'), element.getAttribute('hreflang')])
      if (code !== null && !known.includes(code)) faults.push(`not a language: ${code}`);
    if (element.hreflang && element.hreflang !== language && element.closest('[lang]').lang === language
        && /^(bokmål|nynorsk|English)$/i.test(element.textContent.trim()))
      faults.push(`a language is named in its own language without a mark: ${element.textContent}`);
  }
  const texts = [...document.querySelectorAll('main *')], says = (e, quote) => (e.alt || e.textContent).includes(quote);
  for (const [quote, its] of quotes) {
    const holders = texts.filter(e => says(e, quote) && ![...e.children].some(child => says(child, quote)));
    if (!holders.length) faults.push(`not on the page: ${quote}`);
    for (const e of holders)
      if (e.closest('[lang]').lang !== its) faults.push(`${quote} is in ${its}, marked ${e.closest('[lang]').lang}`);
  }
  return faults;
}"""

HEADINGS = """() => {
  const all = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6,[role=heading]')].filter(e => e.checkVisibility());
  const faults = all.filter(e => !e.textContent.trim()).map(e => `an empty ${e.tagName}`);
  const levels = all.map(e => +(e.getAttribute('aria-level') || e.tagName[1]));
  if (levels.filter(level => level === 1).length !== 1) faults.push('not exactly one h1');
  if (levels[0] !== 1) faults.push('the first heading is no h1');
  levels.forEach((level, i) => {
    if (i && level > levels[i - 1] + 1) faults.push(`skipped to h${level}: ${all[i].textContent}`);
  });
  return faults;
}"""

TABLES = """() => {
  const faults = [];
  for (const table of document.querySelectorAll('table')) {
    const name = (table.caption?.textContent || '').trim();
    if (!name) faults.push('a table without a caption');
    for (const th of table.querySelectorAll('th'))
      if (!['col', 'row'].includes(th.scope)) faults.push(`${name}: a heading cell without scope: ${th.textContent}`);
    for (const row of table.rows) {
      const wanted = row.parentElement.tagName === 'THEAD' ? 'col' : 'row';
      if (row.cells[0].tagName !== 'TH' || row.cells[0].scope !== wanted)
        faults.push(`${name}: a row begins without a heading cell: ${row.cells[0].textContent}`);
      if (wanted === 'col' && [...row.cells].some(cell => cell.tagName !== 'TH'))
        faults.push(`${name}: a column without a heading cell`);
    }
    if (!table.tHead) faults.push(`${name}: no heading row`);
    const widths = new Set([...table.rows].map(row => [...row.cells].reduce((n, cell) => n + cell.colSpan, 0)));
    if (widths.size > 1) faults.push(`${name}: rows of different length`);
  }
  return faults;
}"""

FIGURES = """() => {
  const faults = [], plain = text => text.replace(/\\s+/g, ' ').trim();
  const named = e => plain((e.getAttribute('aria-labelledby') || '').split(/\\s+/).filter(Boolean)
    .map(id => document.getElementById(id)?.textContent ?? `(${id} is missing)`).join(' '));
  for (const figure of document.querySelectorAll('figure')) {
    const caption = figure.querySelector('figcaption'), title = figure.querySelector('.figure-title');
    const drawings = figure.querySelectorAll('svg[role=img]'), pictures = figure.querySelectorAll('img');
    if (!drawings.length && !pictures.length) faults.push(`a figure with nothing drawn: ${figure.id}`);
    if (drawings.length && !(title && plain(title.textContent))) faults.push(`a figure without a name: ${figure.id}`);
    for (const svg of drawings) {
      const said = named(svg), finding = title ? plain(title.firstChild?.textContent || '') : '';
      if (!said.includes(finding)) faults.push(`the description does not hold the finding: ${finding}`);
      if (said.replace(finding, '').length < 40) faults.push(`no more than the name is described: ${finding}`);
      if (said.includes('is missing)')) faults.push(`a name that is not there: ${said}`);
    }
    for (const img of pictures) if (plain(img.alt).length < 3) faults.push('a picture without words');
  }
  for (const svg of document.querySelectorAll('svg'))
    if (svg.getAttribute('role') !== 'img' && svg.getAttribute('aria-hidden') !== 'true'
        && !(svg.getAttribute('role') === 'group' && named(svg)))
      faults.push('a drawing that is neither named nor hidden');
  return faults;
}"""

WIDTH = """() => {
  const faults = [], {clientWidth: room, scrollWidth: taken} = document.documentElement;
  if (taken > room) faults.push(`the page is ${taken} wide`);
  const scrolls = e => /auto|scroll/.test(getComputedStyle(e).overflowX);
  for (const element of document.querySelectorAll('body *')) {
    if (!element.checkVisibility() || element.closest('.unseen, .skip') || element.closest('svg') !== null) continue;
    const box = element.getBoundingClientRect();
    if (box.right > room + 1 && box.width) {
      let holder = element.parentElement;
      while (holder && !scrolls(holder)) holder = holder.parentElement;
      if (!holder) faults.push(`sticks out: ${element.outerHTML.slice(0, 80)}`);
    }
    if (scrolls(element) && element.scrollWidth > element.clientWidth + 1 &&
        !(element.tabIndex === 0 && element.getAttribute('role') === 'region' && element.getAttribute('aria-label')))
      faults.push(`scrolls, but cannot be reached or has no name: ${element.outerHTML.slice(0, 80)}`);
  }
  return faults;
}"""

FOCUSABLE = """() => {
  const kinds = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  window.stops = [...document.querySelectorAll(kinds)]
    .filter(e => e.checkVisibility() && !e.disabled && !e.closest('a[href][tabindex="-1"]'));
  const look = e => { const s = getComputedStyle(e);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.borderColor].join(); };
  const before = new Map(window.stops.map(e => [e, look(e)]));
  window.visited = [];
  window.unseen_focus = [];
  document.addEventListener('focusin', event => {
    const place = window.stops.indexOf(event.target), box = event.target.getBoundingClientRect();
    window.visited.push(place);
    const s = getComputedStyle(event.target), shown = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
    if (place >= 0 && (before.get(event.target) === look(event.target) || !shown && s.boxShadow === 'none'))
      window.unseen_focus.push(event.target.outerHTML.slice(0, 80));
    if (box.right <= 0 || box.bottom <= 0 || box.left >= innerWidth)
      window.unseen_focus.push('outside the window: ' + event.target.outerHTML.slice(0, 80));
  });
  document.activeElement?.blur();
  scrollTo({top: 0, behavior: 'instant'});
  return window.stops.length;
}"""

ORDER = """() => {
  const faults = [], wanted = window.stops.map((_, i) => i), found = window.visited.slice(0, wanted.length);
  const say = i => i === undefined ? 'nothing' : window.stops[i]?.outerHTML.slice(0, 80) ?? 'something else';
  const first = wanted.findIndex((place, i) => found[i] !== place);
  if (first >= 0) faults.push(`stop ${first} is ${say(found[first])}, not ${say(first)}`);
  scrollTo({top: 0, behavior: 'instant'});
  const boxes = window.stops.filter(e => !e.closest('.skip')).map(e => [e, e.getBoundingClientRect()]);
  for (let i = 1; i < boxes.length; i++) {
    const [[, a], [element, b]] = [boxes[i - 1], boxes[i]];
    if (b.bottom <= a.top + 1 && b.left <= a.left + 1)
      faults.push(`goes up the page to ${element.outerHTML.slice(0, 80)}`);
  }
  return faults;
}"""

POINTER_LINKS = """() => {
  const faults = [], all = [...document.querySelectorAll('a[href]')].filter(e => e.checkVisibility());
  const alone = all.filter(e => e.getAttribute('tabindex') === '-1'), reached = all.filter(e => !alone.includes(e));
  const known = new Set(reached.map(e => e.getAttribute('href')));
  for (const e of alone) {
    const href = e.getAttribute('href'), box = e.getBoundingClientRect();
    if (!known.has(href)) faults.push(`no key leads to ${href}`);
    if (!e.closest('[aria-hidden=true]')) faults.push(`is heard, but no key leads there: ${href}`);
    if (!e.textContent.trim()) faults.push(`does not say where it leads: ${href}`);
    if (box.width < 6 || box.height < 6) faults.push(`too small to be hit: ${href}`);
  }
  return faults;
}"""

PRINT = """() => {
  const faults = [], room = document.documentElement.clientWidth;
  for (const table of document.querySelectorAll('table'))
    if (!table.checkVisibility()) faults.push(`not printed: ${table.caption?.textContent}`);
  for (const element of document.querySelectorAll('body *')) {
    if (!element.checkVisibility() || element.closest('.unseen') || element.closest('svg')) continue;
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    if (box.right > room + 1 && box.width) faults.push(`cut at the right: ${element.outerHTML.slice(0, 80)}`);
    const is_cut = (way, more) => style[way] !== 'visible' && more > 1;
    if (is_cut('overflowX', element.scrollWidth - element.clientWidth) && style.display !== 'inline'
        || is_cut('overflowY', element.scrollHeight - element.clientHeight) && style.display !== 'inline')
      faults.push(`cut: ${element.outerHTML.slice(0, 80)}`);
    if (style.position === 'fixed') faults.push(`printed on each page: ${element.outerHTML.slice(0, 80)}`);
  }
  for (const element of document.querySelectorAll('.skip, nav, button, input'))
    if (element.checkVisibility() && !element.closest('th'))
      faults.push(`of no use on paper: ${element.outerHTML.slice(0, 80)}`);
  return faults;
}"""

TEXT_SIZES = """() => [...document.querySelectorAll(
  'h1, h2, h3, p, li, dt, dd, th, td, a, summary, caption, label, input, button')]
  .filter(e => e.checkVisibility() && !e.closest('svg')).map(e => parseFloat(getComputedStyle(e).fontSize))"""

CUT_TEXT = """() => [...document.querySelectorAll('body *')].filter(e => {
  const style = getComputedStyle(e);
  return e.checkVisibility() && !e.closest('svg, .unseen') && style.display !== 'inline'
    && (/hidden|clip/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1
      || /hidden|clip|auto|scroll/.test(style.overflowY) && e.scrollHeight > e.clientHeight + 1
         && !/auto|scroll/.test(style.overflowX));
}).map(e => `cut: ${e.outerHTML.slice(0, 80)}`)"""

MOTION = """() => {
  const faults = [], long = text => text.split(',').some(part => parseFloat(part) > 0);
  for (const element of document.querySelectorAll('*')) {
    const style = getComputedStyle(element);
    if (long(style.transitionDuration)) faults.push(`moves: ${element.outerHTML.slice(0, 80)}`);
    if (style.animationName !== 'none') faults.push(`is animated: ${element.outerHTML.slice(0, 80)}`);
    if (style.scrollBehavior === 'smooth') faults.push('scrolls smoothly');
  }
  if (document.querySelector('animate, animateTransform, set, marquee')) faults.push('a drawing that moves');
  return faults;
}"""

COLOURS = """() => [...document.querySelectorAll('body, body *')].map(e => {
  const style = getComputedStyle(e);
  return [e.tagName, style.color, style.backgroundColor, style.fill, style.colorScheme].join(' ');
})"""
