// The page shows everything without this. With it the cases can be searched, links open what they
// point at, and the language is the reader's. Nothing is loaded, sent or kept.
(() => {
  'use strict';
  const page = document.documentElement;
  if (/^zh\b/i.test(navigator.language)) page.lang = 'zh';
  // What stands above the suites is drawn at once, and the suites when all are read: a table that grows is
  // laid out again with every piece of the file.
  page.classList.add('reading');
  addEventListener('DOMContentLoaded', start);

  function start() {
    page.classList.remove('reading');
    const by = (id) => document.getElementById(id);
    const [form, text, shown, chinese] = ['filter', 'filter-text', 'filter-shown', 'language-zh'].map(by);
    const choices = ['outcome', 'suite', 'level'].map((name) => [name, by(`filter-${name}`)]);
    const cases = [...document.querySelectorAll('.cases tbody tr')].map((row) => ({
      row,
      section: row.closest('section'),
      details: by(row.dataset.case),
      facts: { ...row.dataset, suite: row.closest('section').dataset.suite },
    }));
    const sections = new Set(cases.map((one) => one.section));

    // What is in a case waits as text, since a browser that runs scripts reads what is meant for one that
    // does not as nothing else. So thousands of cases open at once; each is built when it is wanted.
    const kept = (details) => details.querySelector(':scope > noscript');
    const build = (details) => {
      const waiting = kept(details);
      if (!waiting) return;
      const built = document.createElement('template');
      built.innerHTML = waiting.textContent;
      waiting.replaceWith(built.content);
    };
    const open = (details) => {
      build(details);
      details.open = true;
    };

    // What a case is searched for: all of its text, in both languages, collected when it is first wanted.
    const read = (html) => {
      const marks = [['&lt;', '<'], ['&#60;', '<'], ['&gt;', '>'], ['&#62;', '>'], ['&#34;', '"'], ['&#39;', "'"], ['&#38;', '&'], ['&amp;', '&']];
      const plain = html.replaceAll(/<\/?mark>/g, '').replaceAll(/<[^>]*>/g, ' ');
      return marks.reduce((text, [mark, letter]) => text.replaceAll(mark, letter), plain);
    };
    const title = (one) => (one.title ??= one.row.textContent.toLowerCase());
    const words = (one) => {
      const waiting = kept(one.details);
      one.words ??= (waiting ? read(waiting.textContent) : one.details.textContent).toLowerCase();
      return one.words;
    };

    const apply = () => {
      const wanted = text.value.trim().toLowerCase();
      const left = new Set();
      let count = 0;
      for (const one of cases) {
        const chosen = choices.every(([name, choice]) => !choice.value || one.facts[name] === choice.value);
        const fits = chosen && (!wanted || title(one).includes(wanted) || words(one).includes(wanted));
        one.row.hidden = !fits;
        one.details.hidden = !fits;
        if (fits) {
          left.add(one.section);
          count += 1;
        }
      }
      for (const section of sections) section.hidden = !left.has(section);
      shown.textContent = String(count);
    };

    // A link to a case shows it, whatever was searched for before.
    const arrive = () => {
      const name = location.hash.slice(1);
      const details = by(name.replace(/^at-/, ''))?.closest('details.case');
      if (!details) return;
      if (details.hidden) {
        form.reset();
        apply();
      }
      open(details);
      const target = by(name) ?? details;
      target.tabIndex = -1;
      target.focus({ preventScroll: true });
      target.scrollIntoView();
    };

    // So many as fit between two frames, and then the next; another wish ends this one.
    let turn = 0;
    const each = (act) => {
      const [mine, waiting] = [(turn += 1), cases.filter((one) => !one.details.hidden)];
      const go = () => {
        const until = performance.now() + 50;
        while (waiting.length > 0 && performance.now() < until) act(waiting.shift().details);
        if (waiting.length > 0 && mine === turn) setTimeout(go);
      };
      go();
    };

    const speak = () => {
      page.lang = chinese.checked ? 'zh' : 'en';
    };

    chinese.checked = page.lang === 'zh';
    document.querySelector('.language').addEventListener('change', speak);
    document.querySelectorAll('.case[open]').forEach(build);
    // This event does not bubble.
    addEventListener('toggle', (event) => event.target.matches('.case[open]') && build(event.target), true);
    by('unfold').addEventListener('click', () => each(open));
    by('fold').addEventListener('click', () => each((details) => (details.open = false)));
    form.hidden = false;
    form.addEventListener('input', apply);
    form.addEventListener('submit', (event) => event.preventDefault());
    // The fields are empty only after this event.
    form.addEventListener('reset', () => setTimeout(apply));
    apply();
    addEventListener('hashchange', arrive);
    arrive();
  }
})();
