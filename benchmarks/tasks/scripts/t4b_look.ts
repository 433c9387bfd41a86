await playwright.browser_navigate({ url: "http://127.0.0.1:8080/page/1" });
return (await playwright.browser_evaluate({ function: "() => [...document.querySelectorAll('tbody tr')].map(r => [...r.cells].map(c => c.textContent))" })).slice(0, 300);
