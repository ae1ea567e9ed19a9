/* handlers.h - the function behind each line of routes.c, and the fields of their forms.
 *
 * Each handler: read input, ask the database, decide by a pure function of *_rules.c, then render or redirect. What it returns
 * is the database's word: DB_OK an answer is ready, DB_NONE is 404, DB_RETRY runs it again, DB_DOWN is 503, DB_BUG is 500.
 */
#ifndef HANDLERS_HANDLERS_H
#define HANDLERS_HANDLERS_H

#include "request.h"

enum db_result health_live(struct request *q);
enum db_result health_ready(struct request *q);

enum db_result root_show(struct request *q);

enum db_result sign_in_show(struct request *q);
enum db_result sign_in_do(struct request *q);
enum db_result sign_out_do(struct request *q);

enum db_result company_switch_do(struct request *q);

enum db_result forgot_show(struct request *q);
enum db_result forgot_do(struct request *q);
enum db_result reset_show(struct request *q);
enum db_result reset_do(struct request *q);

enum db_result register_show(struct request *q);
enum db_result register_do(struct request *q);
enum db_result verify_show(struct request *q);
enum db_result verify_send(struct request *q);
enum db_result verify_link_show(struct request *q);
enum db_result verify_link_do(struct request *q);
enum db_result connect_show(struct request *q);
enum db_result connect_do(struct request *q);

enum db_result industry_show(struct request *q);
enum db_result invite_send(struct request *q);
enum db_result invitation_show(struct request *q);
enum db_result invitation_resend_do(struct request *q);
enum db_result invitation_cancel_show(struct request *q);
enum db_result invitation_cancel_do(struct request *q);
enum db_result invitation_take_over_do(struct request *q);
enum db_result invitation_copy_show(struct request *q);
enum db_result invitation_copy_do(struct request *q);
enum db_result invitation_letter_show(struct request *q);
enum db_result invitation_letter_do(struct request *q);
enum db_result invitation_change_show(struct request *q);
enum db_result invitation_change_do(struct request *q);
enum db_result invitation_correct_show(struct request *q);
enum db_result invitation_correct_do(struct request *q);

enum db_result customers_show(struct request *q);
enum db_result suppliers_show(struct request *q);

/* Of a customer or a supplier: the route says which. */
enum db_result partner_show(struct request *q);
enum db_result partner_edit_do(struct request *q);
enum db_result partner_pause_show(struct request *q);
enum db_result partner_pause_do(struct request *q);
enum db_result partner_lift_do(struct request *q);
enum db_result partner_disconnect_show(struct request *q);
enum db_result partner_disconnect_do(struct request *q);
enum db_result add_first_show(struct request *q);
enum db_result add_check_show(struct request *q);
enum db_result add_data_show(struct request *q);
enum db_result add_do(struct request *q);
enum db_result asking_show(struct request *q);
enum db_result asking_do(struct request *q);
enum db_result asking_withdraw_show(struct request *q);
enum db_result asking_withdraw_do(struct request *q);
enum db_result answer_show(struct request *q);
enum db_result answer_accept_do(struct request *q);
enum db_result answer_decline_do(struct request *q);

enum db_result invitations_export(struct request *q);
enum db_result customers_export(struct request *q);
enum db_result suppliers_export(struct request *q);
enum db_result customer_messages_show(struct request *q);
enum db_result customer_message_send(struct request *q);
enum db_result supplier_messages_show(struct request *q);
enum db_result supplier_message_send(struct request *q);
enum db_result vendor_messages_show(struct request *q);
enum db_result vendor_message_send(struct request *q);

enum db_result account_show(struct request *q);
enum db_result account_do(struct request *q);
enum db_result settings_show(struct request *q);
enum db_result settings_do(struct request *q);
enum db_result settings_logo_do(struct request *q);
enum db_result settings_logo_remove_do(struct request *q);
enum db_result closing_show(struct request *q);
enum db_result closing_do(struct request *q);
enum db_result closing_undo_do(struct request *q);
enum db_result company_export(struct request *q);
enum db_result logo_show(struct request *q);
enum db_result brand_show(struct request *q);
enum db_result audit_log_show(struct request *q);
enum db_result overview_show(struct request *q);
extern const struct form_field account_fields[], letter_fields[], settings_fields[], logo_fields[], closing_fields[], audit_log_fields[], overview_fields[];
enum db_result team_show(struct request *q);
enum db_result team_invite(struct request *q);
enum db_result team_resend(struct request *q);
enum db_result team_cancel_show(struct request *q);
enum db_result team_cancel_do(struct request *q);
enum db_result team_role_show(struct request *q);
enum db_result team_role_do(struct request *q);
enum db_result team_remove_show(struct request *q);
enum db_result team_remove_do(struct request *q);
enum db_result team_leave_show(struct request *q);
enum db_result team_leave_do(struct request *q);

enum db_result join_show(struct request *q);
enum db_result join_register(struct request *q);
enum db_result join_sign_in(struct request *q);
enum db_result join_sign_out(struct request *q);
enum db_result join_do(struct request *q);
enum db_result shared_show(struct request *q);
enum db_result shared_received_show(struct request *q);
enum db_result shared_item_show(struct request *q);
enum db_result shared_audience_do(struct request *q);
enum db_result shared_company_add(struct request *q);
enum db_result shared_company_remove(struct request *q);
enum db_result shared_remove_show(struct request *q);
enum db_result shared_remove_do(struct request *q);
enum db_result shared_file_show(struct request *q);
enum db_result shared_upload_show(struct request *q);
enum db_result shared_upload_do(struct request *q);
enum db_result shared_link_show(struct request *q);
enum db_result shared_link_do(struct request *q);
enum db_result shared_note_show(struct request *q);
enum db_result shared_note_do(struct request *q);

enum db_result vendor_show(struct request *q);
enum db_result vendor_upload_show(struct request *q);
enum db_result vendor_upload_do(struct request *q);
enum db_result vendor_note_show(struct request *q);
enum db_result vendor_note_do(struct request *q);
enum db_result vendor_file_show(struct request *q);

enum db_result link_show(struct request *q);
enum db_result link_register(struct request *q);
enum db_result link_sign_in(struct request *q);
enum db_result link_sign_out(struct request *q);
enum db_result link_accept(struct request *q);
enum db_result company_new_show(struct request *q);
enum db_result company_new_do(struct request *q);
enum db_result link_company_show(struct request *q);
enum db_result link_company_do(struct request *q);
enum db_result link_decline_show(struct request *q);
enum db_result link_decline(struct request *q);
enum db_result link_ask(struct request *q);

enum db_result link_never(struct request *q);
enum db_result never_show(struct request *q);
enum db_result never_do(struct request *q);
enum db_result never_undo(struct request *q);

enum db_result home_show(struct request *q);
enum db_result home_accept(struct request *q);
enum db_result home_decline_show(struct request *q);
enum db_result home_decline(struct request *q);

enum db_result company_show(struct request *q);
enum db_result company_edit_show(struct request *q);
enum db_result company_edit_do(struct request *q);
enum db_result roles_show(struct request *q);
enum db_result role_add_show(struct request *q);
enum db_result role_add_do(struct request *q);
enum db_result role_edit_show(struct request *q);
enum db_result role_edit_do(struct request *q);
enum db_result role_preselect_do(struct request *q);
enum db_result role_delete_show(struct request *q);
enum db_result role_delete_do(struct request *q);
enum db_result delivery_list_show(struct request *q);
enum db_result delivery_add_show(struct request *q);
enum db_result delivery_add_do(struct request *q);
enum db_result delivery_edit_show(struct request *q);
enum db_result delivery_edit_do(struct request *q);
enum db_result delivery_remove_show(struct request *q);
enum db_result delivery_remove_do(struct request *q);
enum db_result colleagues_show(struct request *q);
enum db_result colleague_show(struct request *q);
enum db_result colleague_role_do(struct request *q);
enum db_result colleague_remove_show(struct request *q);
enum db_result colleague_remove_do(struct request *q);
enum db_result company_merge_show(struct request *q);
enum db_result company_merge_do(struct request *q);
extern const struct form_field merge_fields[];
enum db_result company_leave_show(struct request *q);
enum db_result company_leave_do(struct request *q);
enum db_result home_disconnect_show(struct request *q);
enum db_result home_disconnect_do(struct request *q);
enum db_result admission_show(struct request *q);
enum db_result admission_do(struct request *q);
enum db_result link_admission_show(struct request *q);
enum db_result link_admission_do(struct request *q);
enum db_result home_admission_accept(struct request *q);
enum db_result home_admission_decline(struct request *q);
extern const struct form_field role_add_fields[], role_edit_fields[];
extern const struct form_field company_fields[], delivery_fields[], delivery_add_fields[], colleague_fields[], admission_fields[], link_admission_fields[];

extern const struct form_field messages_fields[], message_fields[];
extern const struct form_field change_fields[], correct_fields[], resend_fields[], team_resend_fields[];
extern const struct form_field team_fields[], team_invite_fields[], team_role_fields[], team_go_fields[], join_fields[];

extern const struct form_field partner_edit_fields[], partner_pause_fields[], add_start_fields[], add_first_fields[], add_fields[], asking_fields[];
extern const struct form_field sign_in_fields[], sign_in_page_fields[], company_switch_fields[], forgot_fields[], reset_fields[], industry_fields[], invite_fields[], partners_fields[],
    register_fields[], link_sign_in_fields[], link_company_fields[], company_new_fields[], accept_fields[], home_accept_fields[], invitations_export_fields[], partners_export_fields[];

extern const struct form_field shared_list_fields[], shared_audience_fields[], shared_company_fields[], shared_unshare_fields[], shared_upload_fields[],
    shared_link_fields[], shared_note_fields[], vendor_fields[], vendor_upload_fields[], vendor_note_fields[];
extern const struct form_field open_register_fields[], verify_fields[], connect_fields[], connect_result_fields[];

#endif
