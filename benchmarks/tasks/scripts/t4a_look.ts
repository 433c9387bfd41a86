await playwright.browser_navigate({ url: "http://127.0.0.1:8080/page/1" });
return (await playwright.browser_snapshot()).slice(0, 900);
