package org.crossfade

import com.cloudbees.groovy.cps.NonCPS
import groovy.json.JsonSlurperClassic

/** What the binary understands and says: words for a shell, JSON, exit codes. Values only, no steps. */
class Answer implements Serializable {
    private static final long serialVersionUID = 1L

    static final int DONE = 0
    static final int ROLLED_BACK = 5

    /** Words as one line for `sh`, each quoted, so that no branch or version name is ever a command. */
    @NonCPS
    static String line(List words) {
        String out = ''
        for (Object word in words) {
            out += (out.isEmpty() ? '' : ' ') + quoted(word.toString())
        }
        return out
    }

    @NonCPS
    static String quoted(String word) {
        return word ==~ /[A-Za-z0-9_.,:\/=@%+-]+/ ? word : "'" + word.replace("'", "'\\''") + "'"
    }

    @NonCPS
    static Map parse(String json) {
        return (Map) new JsonSlurperClassic().parseText(json)
    }

    /** A line for the build's description and for who approves: `chat 1.0.0 -> 1.0.1, canary`. */
    @NonCPS
    static String title(Map plan) {
        String from = plan.from ? "${versionOf(plan.from)} -> " : ''
        return "${plan.application} ${from}${versionOf(plan.to)}, ${plan.strategy}".toString()
    }

    @NonCPS
    private static String versionOf(Map release) {
        return release.version.toString()
    }

    /** What an exit code means for the users of the application. */
    @NonCPS
    static String meaning(int code) {
        switch (code) {
            case 0: return 'done'
            case 1: return 'it failed, and users were not touched by that'
            case 2: return 'the command, the spec or the plan is wrong; nothing was changed'
            case 4: return 'the provider did not accept the credentials; nothing was changed'
            case 5: return 'rolled back, users are safe on the old release'
            case 6: return 'it could not be rolled back: a person is needed now'
            case 7: return 'someone else is changing this application; nothing was changed'
            case 8: return 'a gate or a person refused it; users are on the old release'
            case 9: return 'it did not come about in time'
            case 75: return 'interrupted; traffic stays at the last verified weight'
            default: return 'it ended in an unforeseen way'
        }
    }

    /** One sentence from an exit code and what `--diagnostics` wrote, if it wrote something. */
    @NonCPS
    static String sentence(int code, String diagnostics) {
        String out = "exit ${code} (${meaning(code)})"
        if (!diagnostics) {
            return out
        }
        for (Map each in (List<Map>) parse(diagnostics).errors) {
            out += ": ${each.what}" + (each.why ? ": ${each.why}" : '') + " [${each.code}]"
        }
        return out
    }
}
