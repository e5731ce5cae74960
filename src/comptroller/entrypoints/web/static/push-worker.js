// Shows the messages that are pushed to this browser, and opens their case when one is chosen. It acts on nothing.

self.addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  const options = { body: told.body, tag: told.key, icon: "/static/icon.svg", data: { address: told.address } };
  event.waitUntil(self.registration.showNotification(told.title ?? "Comptroller", options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data?.address ?? "/", self.location.origin);
  const place = address.origin === self.location.origin ? address.href : "/";
  event.waitUntil(self.clients.openWindow(place));
});
