/* events.c - see events.h. */
#include "events.h"

#include <string.h>

static const struct {
    const char *name, *words;
} events[] = {
    {"account_erased", N_("Account erased")},
    {"account_locked", N_("Account locked")},
    {"account_unlocked", N_("Account unlocked")},
    {"address_verified", N_("Address proven")},
    {"admission_accepted", N_("Colleague let in")},
    {"admission_asked", N_("Colleague asked to be let in")},
    {"admission_declined", N_("Colleague not let in")},
    {"company_merged", N_("Two companies made one")},
    {"company_registered", N_("Company registered by a person who had none")},
    {"company_switched", N_("Company in use changed")},
    {"connection_asked", N_("Existing company asked to connect")},
    {"connection_confirmed", N_("Request to connect confirmed")},
    {"connection_refused", N_("Request to connect refused")},
    {"connection_withdrawn", N_("Request to connect withdrawn")},
    {"invitation_accepted", N_("Invitation accepted")},
    {"invitation_asked", N_("New invitation asked for")},
    {"invitation_cancelled", N_("Invitation cancelled")},
    {"invitation_changed", N_("Invitation changed")},
    {"invitation_corrected", N_("Invitation sent to a corrected address")},
    {"invitation_declined", N_("Invitation declined")},
    {"invitation_erased", N_("Address of an ended invitation erased")},
    {"invitation_link_copied", N_("Invitation’s link copied")},
    {"invitation_mailed_again", N_("Invitation sent again because the invitee asked")},
    {"invitation_renewed", N_("Invitation sent anew after it had expired")},
    {"invitation_resent", N_("Invitation resent")},
    {"invitation_sent", N_("Invitation sent")},
    {"invitation_taken_over", N_("Invitation taken over")},
    {"invitation_waiting", N_("Invitation accepted, waiting for the address to be proven")},
    {"invitations-allowed", N_("Removed from the do-not-invite list")},
    {"mail_came_back", N_("Mail came back")},
    {"mail_deferred", N_("Mail not delivered yet")},
    {"mail_refused", N_("Mail refused by the mail server")},
    {"mail_reminder_came_back", N_("Reminder came back")},
    {"mail_reminder_deferred", N_("Reminder not delivered yet")},
    {"mail_reminder_dropped", N_("Reminder not sent: reminders are off, or the invitation is paused")},
    {"mail_reminder_refused", N_("Reminder refused by the mail server")},
    {"mail_reminder_sent", N_("Reminder sent")},
    {"mail_reminder_suppressed", N_("Reminder not sent: this person wants no invitations")},
    {"mail_sent", N_("Mail handed to the mail server")},
    {"mail_suppressed", N_("Mail not sent: this person wants no invitations")},
    {"member_added", N_("Colleague added")},
    {"member_invite_cancelled", N_("Request to a colleague cancelled")},
    {"member_invited", N_("Colleague asked to join")},
    {"member_invited_again", N_("Colleague asked to join again")},
    {"member_joined", N_("Colleague joined")},
    {"member_left", N_("Colleague left")},
    {"member_removed", N_("Colleague removed")},
    {"member_role_changed", N_("Role of a colleague changed")},
    {"message_sent", N_("Message sent")},
    {"never-invited", N_("Put on the do-not-invite list")},
    {"password_link_asked", N_("Link to set a password asked for")},
    {"password_set", N_("Password set")},
    {"registered", N_("Registered")},
    {"registration_removed", N_("Unproven registration removed")},
    {"registration_repeated", N_("Registered again")},
    {"relationship_added", N_("Company added by hand")},
    {"relationship_disconnected", N_("Connection ended")},
    {"relationship_doublet", N_("Added company ended: it is in the list already")},
    {"relationship_lifted", N_("Pause lifted")},
    {"relationship_merged", N_("Two connections made one")},
    {"relationship_moved", N_("Connection moved to the company that it was made one with")},
    {"relationship_number", N_("Number changed")},
    {"relationship_paused", N_("Connection paused")},
    {"relationship_refused", N_("Added company ended: the person who was asked said no")},
    {"relationship_role", N_("Role of a connection changed")},
    {"resource_audience", N_("Shared item: for whom it is changed")},
    {"resource_received", N_("File or note received")},
    {"resource_removed", N_("Shared item removed")},
    {"resource_shared", N_("Item shared")},
    {"settings_changed", N_("Settings changed")},
    {"settings_closed", N_("Deletion of the company asked for")},
    {"settings_kept", N_("Company kept, its deletion undone")},
    {"settings_logo_changed", N_("Logo changed")},
    {"settings_logo_removed", N_("Logo removed")},
    {"settings_role_added", N_("Partner role made")},
    {"settings_role_changed", N_("Partner role changed")},
    {"settings_role_preselected", N_("Role of new invitations changed")},
    {"settings_role_removed", N_("Partner role deleted")},
    {"signed_in", N_("Signed in")},
    {"signed_out", N_("Signed out")},
    {"vendor_added", N_("Vendor added to the portal")},
    {"vendor_deleted", N_("Vendor deleted")},
    {"vendor_resumed", N_("Vendor opened again")},
    {"vendor_suspended", N_("Vendor suspended")},
    {"verification_asked", N_("Mail to prove the address sent")},
};

static const struct {
    const char *topic, *words, *nobody;
} topics[] = {
    {"invitation", N_("Invitations"), N_("The invitee")},
    {"mail", N_("Mail"), N_("The portal")},
    {"relationship", N_("Connections"), N_("The portal")},
    {"connection", N_("Requests to connect"), N_("The portal")},
    {"resource", N_("Shared items"), N_("The portal")},
    {"message", N_("Messages"), N_("The portal")},
    {"member", N_("Team"), N_("The operator")},
    {"settings", N_("Settings"), N_("The operator")},
    {"vendor", N_("Operator"), N_("The operator")},
};

enum { TOPICS = sizeof topics / sizeof *topics };

const char *const events_topics[] = {"invitation", "mail", "relationship", "connection", "resource", "message", "member", "settings", "vendor", NULL};

_Static_assert(sizeof events_topics / sizeof *events_topics == TOPICS + 1, "one choice for each topic");

const char *events_words(const char *event)
{
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (strcmp(events[i].name, event) == 0) return events[i].words;
    return event;
}

const char *events_nobody(const char *event)
{
    size_t n = strcspn(event, "_");
    for (size_t i = 0; i < TOPICS; i++)
        if (strlen(topics[i].topic) == n && strncmp(topics[i].topic, event, n) == 0) return topics[i].nobody;
    return N_("The portal");
}

const char *events_topic_words(const char *topic)
{
    for (size_t i = 0; i < TOPICS; i++)
        if (strcmp(topics[i].topic, topic) == 0) return topics[i].words;
    return topic;
}
