#include "cli/codes.h"

#include <array>

namespace cli {
namespace {

constexpr std::string_view kNothing = "Nothing was changed.";
constexpr std::string_view kStays = "Traffic stays where it is: at the last verified weight.";

constexpr std::array kCodes{
    CodeEntry{"CF0701", "there is no such command",
              "The first word is none of the commands. Commands are not abbreviated, so that a "
              "script means the same next year.",
              "Use the word that the message suggests, or look at `crossfade help`.", kNothing},
    CodeEntry{"CF0702", "there is no such option", "The command does not know this option.",
              "Use the option that the message suggests, or look at `crossfade help COMMAND`.",
              kNothing},
    CodeEntry{"CF0703", "one word too many", "The command takes no further argument.",
              "Look at `crossfade help COMMAND`; quote an argument that has spaces.", kNothing},
    CodeEntry{"CF0704", "an option or argument is wrong",
              "A value is missing, is not of its kind, or two options exclude each other.",
              "Correct what the message names.", kNothing},
    CodeEntry{"CF0705", "there is no help on that", "Help knows commands and `exit-codes`.",
              "Look at `crossfade help`.", kNothing},
    CodeEntry{"CF0706", "there is no such code or field",
              "No diagnostic has this code, and no spec this field.",
              "`crossfade explain` lists all codes.", kNothing},
    CodeEntry{"CF0710", "there is no spec",
              "No crossfade.yaml is in this folder or one above, up to the repository's root.",
              "Change to the application's folder, name the file by --spec, or write one by "
              "`crossfade init`.",
              kNothing},
    CodeEntry{"CF0711", "nothing was ever released here",
              "The state folder has no journal: the application was never brought up, or another "
              "state folder is meant.",
              "Run `crossfade up`, or name the state folder by --state or CROSSFADE_STATE.",
              kNothing},
    CodeEntry{"CF0712", "the spec exists", "`init` does not write over a spec.",
              "Edit it, or pass --overwrite.", kNothing},
    CodeEntry{"CF0720", "someone else is changing the application",
              "Another process holds the lease. Two actors never drive one application, so this "
              "command did not begin. The message says who, since when, and for what.",
              "Wait (`crossfade status --watch` ends when they do), or stop them by `crossfade "
              "abort`. A lease whose process is gone is taken over at once on the same machine, "
              "and else when it runs out.",
              "The release in progress goes on undisturbed."},
    CodeEntry{"CF0721", "the last release has not ended",
              "The process that drove it ended early: it was killed, its machine restarted, or it "
              "was interrupted.",
              "`crossfade resume` goes on with it; `crossfade abort` takes it back.", kStays},
    CodeEntry{"CF0722", "there is no such release", "The journal knows no release of that name.",
              "`crossfade history` lists ids and versions.", kNothing},
    CodeEntry{"CF0723", "the release is still in progress",
              "`rollback` takes back what has succeeded; what is in progress is taken back by "
              "`abort`.",
              "Run `crossfade abort`.", kStays},
    CodeEntry{"CF0724", "there is no earlier release",
              "Nothing served before the present release, so there is nothing to go back to.",
              "Deploy a version that is known to be good.", kNothing},
    CodeEntry{"CF0725", "that release did not end well",
              "A rollback goes to a release that served; this one was taken back itself.",
              "Name another: `crossfade history` shows how each ended.", kNothing},
    CodeEntry{"CF0726", "the release ended first",
              "Between the wish and its taking up the release came to its end.",
              "`crossfade status` shows how it ended.", kNothing},
    CodeEntry{"CF0727", "the wish was not taken up in time",
              "The process that drives the release is alive but did not look for wishes: it waits "
              "in a long call, such as a hook's.",
              "Wait: the wish is kept and taken up when that call ends.", kStays},
    CodeEntry{"CF0728", "no release is in progress",
              "Only a release that has not ended can be paused, promoted or aborted.",
              "Use `crossfade rollback` to leave a release that has succeeded.", kNothing},
    CodeEntry{"CF0729", "nobody drives the release",
              "The release has not ended, but the process that drove it has.",
              "`crossfade resume` goes on with it; `crossfade abort` takes it back.", kStays},
    CodeEntry{"CF0730", "the artifact does not exist",
              "The spec's `artifact` leads to no file or folder.",
              "Build it, or correct the path: it starts at the spec's folder.", kNothing},
    CodeEntry{"CF0731", "the assets do not exist", "The spec's `assets` leads to no folder.",
              "Build them, or correct the path: it starts at the spec's folder.", kNothing},
    CodeEntry{"CF0732", "the journal was changed",
              "A record does not carry the hash that follows from its content and the record "
              "before: it was edited, dropped or moved after it was written (P7).",
              "Find out who could write to the state folder, and compare with a copy. Releases "
              "after that record have no proof of what they did.",
              "The journal is read only to decide what to do next; traffic is not touched."},
    CodeEntry{"CF0733", "no instance got healthy in time",
              "`up` waited as long as the spec's boot_deadline.",
              "`crossfade instances` tells the reason of each, `crossfade logs` what it wrote.",
              "The agent goes on trying."},
    CodeEntry{"CF0734", "a release is in progress",
              "`down` would take away the ground beneath a release that someone drives.",
              "Abort the release first, or pass --now.", kNothing},
    CodeEntry{"CF0740", "the file holds no plan",
              "It is not what `crossfade plan --out` writes, or was edited.",
              "Make a new one by `crossfade plan --out FILE`.", kNothing},
    CodeEntry{"CF0741", "the world has moved since the plan was made",
              "What runs is what was reviewed (P12): a plan is refused when the spec, the artifact "
              "or what serves has changed since, as its steps may be wrong now.",
              "Make a new plan, review it, and deploy that.", kNothing},
    CodeEntry{
        "CF0742", "there is no traffic to draw releases from",
        "`simulate` draws from what became of users' requests in the last day, which the agent "
        "writes down every ten seconds while it runs. There is nothing yet.",
        "Come back when users have been served for a while, or say what is expected: "
        "`crossfade simulate --requests-per-second 100 --error-rate 0.2`.",
        kNothing},
    CodeEntry{"CF0743", "this is not the plan that was consented to",
              "The digest given by --plan-digest is another one than the plan's: the file was "
              "exchanged or edited between the consent and the release (P12).",
              "Show the plan that is to be carried out to those who consent, and give its digest.",
              kNothing},
    CodeEntry{"CF0744", "the release ended otherwise than wanted",
              "The order was carried out by an earlier process, and its release has ended: the "
              "message says how and why.",
              "`crossfade explain RELEASE` tells what was compared; give a new order for another "
              "attempt.",
              "Users are on the release that `crossfade status` names."},
    CodeEntry{"CF0745", "the order's name cannot be kept",
              "It has unprintable characters or is longer than 200.",
              "Use the build's tag, or another short name.", kNothing},
    CodeEntry{"CF0750", "the file holds no journal",
              "A line is not what `crossfade audit export` writes.",
              "Export the journal again, and compare: a line that was edited is a finding.",
              kNothing},
    CodeEntry{"CF0751", "this is no head of a journal",
              "A head is the number of a record and its hash of 64 hexadecimal digits.",
              "Copy it from a report, or from what `audit verify` printed.", kNothing},
    CodeEntry{"CF0752", "releases are locked",
              "Someone let no release begin, by `crossfade lock`; the message says who and why.",
              "Ask them; `crossfade unlock` ends it, `deploy --despite WHY` releases once.",
              "What serves stays as it is, and going back is not locked."},
    CodeEntry{"CF0753", "releases are frozen", "The spec has a freeze for this time.",
              "Wait until it is over; `deploy --despite WHY` releases once and says so in the "
              "journal.",
              "What serves stays as it is, and going back is not frozen."},
    CodeEntry{"CF0754", "nothing of an application on AWS runs on this machine",
              "`up` starts agent and edge, which are provider `local`'s.",
              "Use `crossfade deploy`: it makes the first release, too.", kNothing},
    CodeEntry{"CF0755", "this consent does not count",
              "It is for another plan or step, or it was given by the person who began the release "
              "where the spec asks for a second one. Who that is, the kernel or a token proves; "
              "what a process says of itself makes nobody a second person.",
              "Let somebody else consent: by `crossfade promote` after a login of their own, or in "
              "the console with a token that the person who began did not make.",
              "The release waits on. The attempt stands in the journal."},
    CodeEntry{"CF0756", "a lock is not in the journal yet",
              "It holds, and who and why is kept. While a release is driven, its driver writes the "
              "journal; it has not come to it.",
              "Give the command again when the release is over.", "No release begins."},
    CodeEntry{"CF0757", "there is nothing to rehearse",
              "`rehearse` is for specs with `provider: aws`.",
              "`crossfade up` and `crossfade deploy` try the release on this machine as it is.",
              kNothing},
    CodeEntry{
        "CF0758", "the stand-in for AWS is not on this machine",
        "awsbox is written in Python and part of Crossfade's repository; a binary alone does not "
        "have it.",
        "Check the repository out, run `./x setup test` in it, and name it: "
        "`CROSSFADE_AWSBOX=FOLDER crossfade rehearse`.",
        kNothing},
};

}  // namespace

std::span<const CodeEntry> cli_codes() {
    return kCodes;
}

}  // namespace cli
