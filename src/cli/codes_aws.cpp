#include "cli/codes.h"

#include <array>

namespace cli {
namespace {

constexpr std::array kCodes{
    CodeEntry{"CF0801", "a request to AWS does not fit its operation",
              "A member that the operation does not have, a value of another type, or a part of "
              "the path or host name that is missing.",
              "Correct what the message names; where it is no setting of yours, this is a mistake "
              "of Crossfade.",
              "Nothing was sent."},
    CodeEntry{"CF0802", "an answer of AWS cannot be read",
              "It is cut short, or no answer of this operation; a proxy on the way may have made "
              "it.",
              "See what stands between this machine and the endpoint.",
              "An answer that cannot be read is never taken for an empty one; the call may have "
              "had its effect, so it is read back before anything follows from it."},
    CodeEntry{"CF0803", "AWS did nothing and may do it later",
              "The call was throttled, could not be delivered or, where it only reads, was never "
              "answered, through all attempts that were allowed.",
              "Try again later; see who else calls this service in the account.",
              "Nothing was changed. The way back has a reserve of attempts that a release on its "
              "way forward cannot spend."},
    CodeEntry{"CF0804", "AWS refuses the keys",
              "They are unknown, have expired or were deleted, or the signature is not theirs. The "
              "service's own text is not shown, since it may quote a session token.",
              "Renew the credentials; see that the clock of this machine is right.",
              "Nothing was changed."},
    CodeEntry{"CF0805", "whether a change at AWS took effect is not known",
              "It was sent, and the answer was lost, could not be read, or said that something "
              "broke inside.",
              "Nothing: the state is read back before anything follows from it.",
              "Such a change is never sent a second time unseen."},
    CodeEntry{"CF0806", "AWS refuses a call", "The code and the reason are the service's own.",
              "Correct what the message names; the request's id helps AWS support.",
              "Nothing was changed."},
    CodeEntry{"CF0807", "plain HTTP would leave this machine",
              "A configured endpoint says http and is neither loopback nor where an instance or a "
              "container is told its own credentials.",
              "Configure it with https, or bring it to this machine.", "Nothing was sent."},
    CodeEntry{"CF0808", "there are no credentials for AWS",
              "The environment, the profile, web identity, the container and the instance were "
              "asked in this order; a profile that was named is asked alone.",
              "See `aws configure`, or let the job assume a role by web identity.",
              "Nothing was sent."},
    CodeEntry{"CF0809", "a source of credentials is broken",
              "Half a key, a role without keys to be taken with, a program that failed, an answer "
              "that is none. The answer itself is never shown, since it may hold a secret.",
              "Correct what the message names.",
              "The next source is not asked: a release must not run as someone else by accident."},
    CodeEntry{"CF0810", "there is no region to work in",
              "Neither the spec, AWS_REGION, AWS_DEFAULT_REGION nor the profile names one, or it "
              "cannot be part of a host's name.",
              "Set AWS_REGION, or `region` in the profile.", "Nothing was sent."},
    CodeEntry{"CF0811", "a service has no usable endpoint",
              "The configured URL is none, or the settings exclude each other, as FIPS and a "
              "configured endpoint do.",
              "Correct what the message names.", "Nothing was sent."},
    CodeEntry{"CF0812", "the shared files of AWS cannot be used",
              "~/.aws/config or ~/.aws/credentials has a line that cannot be read, or a profile "
              "was named that neither has.",
              "Correct the line, or name another profile. Lines are named and never quoted.",
              "Nothing was sent."},
    CodeEntry{
        "CF0813", "a listener rule cannot divide requests",
        "It is a listener's default rule, is not there, or does not forward to the two target "
        "groups of the application and to no other.",
        "Let one rule that is no default name both groups, one of them with weight 0.",
        "Nothing was changed. Both groups stay in the rule for good: one that no rule names "
        "is not health-checked."},
    CodeEntry{"CF0814", "someone else changed the rule",
              "Its weights, or more than these, are not what the last write of a release left.",
              "Find out who: a Terraform run without `ignore_changes`, or a person. Put it back, "
              "then resume; or roll back.",
              "The release stops. The way back accepts other weights, and nothing else."},
    CodeEntry{"CF0815", "CloudWatch has no whole answer yet",
              "Its newest minute is never whole, and a share is told only from whole minutes that "
              "began after it was written; or CloudWatch itself says that something is missing.",
              "Wait: a minute is there about two minutes after it began.",
              "Until then nothing is promoted and no capacity leaves (P3, P8)."},
    CodeEntry{"CF0816", "nobody can tell the application's clients to move",
              "A load balancer of AWS waits for WebSockets or cuts them; only the application can "
              "ask its clients to connect anew.",
              "Name a drain hook that the application understands.", "No socket was closed."},
    CodeEntry{"CF0817", "a rule has had no release yet", "Its tags say nothing of one.",
              "Nothing: the first release writes them.", "Nothing was changed."},
    CodeEntry{"CF0818", "another run drives this rule",
              "The rule's tags carry a higher fence: another controller took the lease.",
              "See `crossfade status` for who drives.",
              "This controller writes nothing any more (P6)."},
    CodeEntry{"CF0819", "another controller writes to the store",
              "The lease was replaced, or another record stands where this one was to stand.",
              "See `crossfade status` for who drives and since when.",
              "Two holders never both write: the later one goes on from what stands there (P6)."},
    CodeEntry{"CF0820", "an object in the state bucket is none of ours",
              "It stands where the journal, the lease or a wish stands, and is not one.",
              "See who else writes into this bucket; run `crossfade audit verify`.",
              "It is never taken for a record, nor overwritten (P7)."},
    CodeEntry{"CF0821", "another run drives an Auto Scaling group",
              "The group's tags carry a higher fence: another controller took the lease.",
              "See `crossfade status` for who drives.",
              "This controller writes nothing any more (P6)."},
    CodeEntry{
        "CF0822", "a process that a release needs is suspended",
        "Launch, Terminate, HealthCheck or AddToLoadBalancer: without them no instance comes, "
        "serves or goes. No release suspends them, so someone else did.",
        "Find out why, then resume it by the command that the message shows.",
        "Nothing was changed."},
    CodeEntry{"CF0823", "a secret cannot be had on an instance",
              "The spec takes it from an environment variable, and an instance of EC2 starts with "
              "its own environment alone.",
              "Let it lie in a file of the image, or of the service's start.",
              "Nothing was changed. A secret is in no user data, object or tag (P11)."},
    CodeEntry{"CF0824", "the boot script of an instance is longer than EC2 takes",
              "User data ends at 16 KB.", "Shorten the names of bucket, prefix and artifact.",
              "Nothing was changed."},
    CodeEntry{"CF0825", "the artifact is nowhere",
              "Neither the file that the release names is there nor an object of its digest in the "
              "bucket.",
              "Build it again, or release from where it is.", "Nothing was changed."},
    CodeEntry{
        "CF0826", "the artifact is not what was released",
        "It is a folder, has another digest, or changes while it is read. Instances fetch one "
        "object and check its digest.",
        "Name a .tar.gz and put the file back, or release it anew.", "Nothing was changed."},
    CodeEntry{"CF0827", "the artifact is on its way", "It is uploaded in parts, one a call.",
              "Nothing: the next call goes on.",
              "No instance starts before the last part is there."},
    CodeEntry{"CF0828", "Auto Scaling answers as before the last write",
              "Its reads may lag behind. The groups are asked again.",
              "Nothing, unless it stays: then see who else writes the tags `crossfade:…`.",
              "Nothing follows from an old answer."},
    CodeEntry{"CF0829", "there is no such Auto Scaling group",
              "The spec names one that this account does not have in this region.",
              "Correct `aws.scaling_groups` or the region, or make the group.",
              "Nothing was changed."},
    CodeEntry{"CF0830", "a step has too long a name",
              "What a group is to be stands in one of its tags, which holds 256 characters.",
              "Shorten the names of hooks and gates.", "Nothing was changed."},
    CodeEntry{"CF0831", "the assets have not been published",
              "No manifest of them stands in the state bucket.",
              "Nothing, while a release publishes them.",
              "No instance that refers to them starts before they are there."},
    CodeEntry{"CF0832", "an asset is not what was published",
              "It is missing, has another size or digest, or a cache serves an old one.",
              "See that the route's path leads from the distribution to the bucket and that the "
              "bucket's policy lets the distribution read; then resume.",
              "No instance that refers to it starts, and no traffic moves."},
    CodeEntry{"CF0833", "an asset of that name has other content",
              "Users of the release that runs may be about to fetch the one that is there. It is "
              "another release's, or was put there by somebody else.",
              "Put a digest of the content into the name, as bundlers do. What has to keep its "
              "name, as index.html, is named in `aws.assets.unhashed`.",
              "Nothing was replaced (P10)."},
    CodeEntry{"CF0834", "the assets are not those of this release",
              "The folder changed since the plan was made, or a file while it was read; S3 held "
              "what arrived against its digest.",
              "Let nothing write into the folder, and plan the release again.",
              "What differs is not there under any name."},
    CodeEntry{"CF0835", "an asset cannot be an object",
              "Its name is longer than 800 bytes, no UTF-8 or has control characters; or it is "
              "larger than 80 GB, an unhashed one than 8 MB.",
              "Give it another name, divide it, or publish it apart from releases.",
              "Nothing was changed."},
    CodeEntry{"CF0836", "assets are on their way",
              "They are read, uploaded, looked at or deleted, for as long as one call may take.",
              "Nothing: the next call goes on where this one ended. Where uploading takes longer "
              "than `strategy.progress_deadline`, lengthen that.",
              "No instance that refers to them starts before they are there."},
    CodeEntry{"CF0837", "a manifest of assets is none of ours", "The object cannot be read as one.",
              "See who else writes into the state bucket.",
              "Nothing is deleted while it is not known what a kept release consists of."},
    CodeEntry{"CF0838", "another run publishes assets",
              "The lease has a higher fence: another controller took it.",
              "See `crossfade status` for who drives.",
              "This controller writes nothing any more (P6)."},
    CodeEntry{"CF0839", "CloudFront still serves old files",
              "The invalidation of names that were replaced is not complete yet; it takes some "
              "minutes at most.",
              "Nothing: it is asked again.", "No traffic moves before that."},
    CodeEntry{"CF0860", "who asks AWS",
              "`doctor` tells as whom it asks and where the keys come from. Keys of the account's "
              "root user are limited by no policy.",
              "Take the role of infra/iam/release.json.", "Nothing was changed."},
    CodeEntry{"CF0861", "this machine's clock is not AWS's",
              "A lease of a release ends by the clock of whoever holds it, and signatures are "
              "refused where clocks are five minutes apart.",
              "Let chrony or systemd-timesyncd set it.",
              "Two machines that both believe to hold the lease are kept apart by its fence (P6)."},
    CodeEntry{"CF0862", "the permissions do not suffice, or nobody can tell",
              "IAM was asked what the caller's policies allow of all that a release calls. Where "
              "that question itself is refused, or the role's name has a path, nothing is known.",
              "Compare the role with infra/iam; conditions of the organisation count, too.",
              "Nothing was changed. What is refused in the middle of a release stops it, and the "
              "way back is one call to the rule."},
    CodeEntry{"CF0863", "a group keeps clients by a cookie",
              "Stickiness of the rule or of a target group. The cookie counts for more than the "
              "weights: whoever has it stays where they are.",
              "Turn it off, and share sessions between instances.",
              "Crossfade never takes a group at weight 0 for one without users."},
    CodeEntry{"CF0864", "a target group cannot serve the application",
              "It is not there, has another kind of target, protocol or port than the spec says, "
              "or belongs to another load balancer, too.",
              "Correct the spec; most of this cannot be changed of a group that exists.",
              "Nothing was changed."},
    CodeEntry{"CF0865", "health checks do not fit the application",
              "They ask elsewhere, differ between the two groups, or take longer to find an "
              "instance healthy than `service.boot_deadline` lasts.",
              "Check every 5 or 10 s, twice, the path of the spec, in both groups.",
              "A release whose instances are not healthy in time is taken back before any "
              "request goes to them."},
    CodeEntry{"CF0866", "the way in which instances leave does not fit the drain",
              "The deregistration delay is shorter than `strategy.drain.deadline`, or so long that "
              "a release gives up first; or slow start hides what weights say.",
              "Set `deregistration_delay.timeout_seconds` to the drain's deadline, and slow start "
              "to 0.",
              "Requests in flight have the whole delay."},
    CodeEntry{"CF0867", "the load balancer cuts what is silent, or is not active",
              "A connection on which nothing is sent is closed after its idle timeout. Clients "
              "that ping once a minute and a timeout of a minute meet all the time.",
              "Set `idle_timeout.timeout_seconds` to twice the ping interval of the clients, and "
              "the keep-alive of the service to longer than that.",
              "It concerns users at all times, and not releases alone."},
    CodeEntry{"CF0868", "an Auto Scaling group does not fit its pool",
              "It is bound to another target group or to none, launches where the load balancer is "
              "not, protects its instances from scale-in, or replaces them while they boot.",
              "Correct what the message names.", "Nothing was changed."},
    CodeEntry{"CF0869", "what instances are launched from is not certain",
              "A group launches another template than the spec's, or `$Latest` or `$Default` "
              "instead of a number; or the version that releases are made from is not there, or "
              "gives an instance's keys to whoever asks (no IMDSv2).",
              "Name versions by number; require tokens.",
              "Each release sets the number of its own version."},
    CodeEntry{"CF0870", "an Auto Scaling group is held, or cannot scale",
              "For the length of a release its bounds are pinned and what scales by itself is "
              "suspended; how it was found stands in its tag `crossfade:kept`. Where no release "
              "goes on and none stands warm, something was left so. Or a person suspended it.",
              "`crossfade doctor --repair` gives back what releases took, and nothing else.",
              "A group that is held serves as before; it does not grow with its load."},
    CodeEntry{"CF0871", "the state bucket is not there, or forgets",
              "Without versions or Object Lock, whoever may write the bucket can replace the whole "
              "journal.",
              "Turn versioning on; note heads elsewhere by `audit_anchor`.",
              "`crossfade audit verify` finds what was changed against a head that was noted."},
    CodeEntry{"CF0872", "requests go to a pool that cannot serve them",
              "The rule has a weight above 0 for a target group without a healthy target. A load "
              "balancer does not ask the other group instead.",
              "`crossfade rollback`, or mend the instances: `crossfade instances` shows them.",
              "No release moves weights to such a pool (P4)."},
    CodeEntry{"CF0873", "a quota is too small for two fleets",
              "While a release goes on, both pools are full.",
              "Have the quota raised, or release with fewer instances.", "Nothing was changed."},
    CodeEntry{"CF0874", "a pool has one instance",
              "Its loss is an outage until another one has booted.",
              "`service.instances` of two or more.", "A release itself loses no request."},
    CodeEntry{"CF0877", "something could not be looked at",
              "AWS refused the call, or did not answer. What is not known is never taken for well.",
              "Allow it: infra/iam/plan.json has all that `doctor` calls.", "Nothing was changed."},
};

}  // namespace

std::span<const CodeEntry> aws_codes() {
    return kCodes;
}

}  // namespace cli
