// The page shows everything without this. With it the cases can be searched, links open what they
// point at, and the language is the reader's. Nothing is loaded, sent or kept.
(() => {
  'use strict';
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

  // What a case is searched for, in both languages: collected when it is first wanted.
  const words = (one) => {
    one.words ??= [one.row, ...one.details.querySelectorAll('.reason, .gherkin, .found')]
      .map((part) => part.textContent)
      .join('\n')
      .toLowerCase();
    return one.words;
  };

  const apply = () => {
    const wanted = text.value.trim().toLowerCase();
    let count = 0;
    for (const section of sections) section.hidden = true;
    for (const one of cases) {
      const chosen = choices.every(([name, choice]) => !choice.value || one.facts[name] === choice.value);
      const fits = chosen && (!wanted || words(one).includes(wanted));
      one.row.hidden = !fits;
      one.details.hidden = !fits;
      if (fits) {
        one.section.hidden = false;
        count += 1;
      }
    }
    shown.textContent = String(count);
  };

  // A link to a case shows it, whatever was searched for before.
  const arrive = () => {
    const target = by(location.hash.slice(1));
    const details = target?.closest('details.case');
    if (!details) return;
    if (details.hidden) {
      form.reset();
      apply();
    }
    details.open = true;
    target.scrollIntoView();
  };

  const speak = () => {
    document.documentElement.lang = chinese.checked ? 'zh' : 'en';
  };

  if (/^zh\b/i.test(navigator.language)) chinese.checked = true;
  document.querySelector('.language').addEventListener('change', speak);
  speak();
  form.hidden = false;
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  // The fields are empty only after this event.
  form.addEventListener('reset', () => setTimeout(apply));
  apply();
  addEventListener('hashchange', arrive);
  arrive();
})();
