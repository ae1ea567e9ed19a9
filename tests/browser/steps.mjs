// steps.mjs - what the stories are told with: the list of them, and the steps that several take.
import { DESK, Visitor, machine } from './visitor.mjs';

export const cases = []; // [name, what to do], run by main.mjs in the order of its imports
export const story = (name, tell) => cases.push([name, tell]);

export const PERSON = { 'First name': 'Jo', 'Last name': 'Example', 'Business name': 'Acme Industrial GmbH', 'Phone (optional)': '+49 30 1234567',
  'Street (optional)': 'Industriestraße', 'House number (optional)': '12a', 'Postal code (optional)': '10115', 'City (optional)': 'Berlin',
  'Country (optional)': 'Germany' };

export async function come(browser, visitors, name, size = DESK, scripts = true) {
  const visitor = await Visitor.come(browser, name, size, scripts);
  visitors.push(visitor);
  return visitor;
}

export async function invite(admin, kind, email, more = {}) {
  await admin.follow('Industry');
  await admin.field(kind).check();
  await admin.fill({ 'Email Address': email });
  if (Object.keys(more).length) await admin.page.getByText('More options').click();
  await admin.fill(more);
  await admin.press('Send Invite');
}

export async function register(invitee, business, more = {}) {
  await invitee.fill({ ...PERSON, 'Business name': business, Password: machine.password, ...more });
  await invitee.press('Create account');
}
