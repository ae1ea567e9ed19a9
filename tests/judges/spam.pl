# spam.pl - SpamAssassin over files, one process: a line `name points rules` for each. No network, no learning, no settings of this machine's users.
use strict;
use warnings;
use Mail::SpamAssassin;

my $judge = Mail::SpamAssassin->new({local_tests_only => 1, dont_copy_prefs => 1, userprefs_filename => '/dev/null', post_config_text => "use_bayes 0\n"});
for my $file (@ARGV) {
    open my $in, '<', $file or die "$file: $!";
    my $mail = $judge->parse(do { local $/; scalar <$in> });
    my $status = $judge->check($mail);
    printf "%s %.1f %s\n", $file =~ s{.*/}{}r, $status->get_score, $status->get_names_of_tests_hit;
    $status->finish;
    $mail->finish;
}
