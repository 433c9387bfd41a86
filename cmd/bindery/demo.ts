// Which services need help most? Open issues and errors of all of them, at once.
const { services } = await tracker.list_services();

const rows = await Promise.all(services.map(async (service) => {
  const [issues, { faults }] = await Promise.all([
    tracker.list_issues({ service, state: "open" }),
    monitor.find_faults({ service }),
  ]);
  const worst = faults.sort((a, b) => b.users - a.users)[0];
  return {
    service,
    open: issues.total,
    events: faults.reduce((sum, f) => sum + f.events, 0),
    worst: worst && `${worst.title} (${worst.users} users)`,
  };
}));

return rows.sort((a, b) => b.events - a.events).slice(0, 3);
