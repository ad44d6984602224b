/** Processes of this machine, found as Jenkins finds them: by a variable in their environment. */
class Processes {
    static List<Long> withVariable(String name, String value) {
        byte[] wanted = "${name}=${value}".toString().bytes
        List<Long> found = []
        new File('/proc').listFiles().findAll { it.name.isLong() }.each { File entry ->
            try {
                if (contains(new File(entry, 'environ').bytes, wanted)) {
                    found << (entry.name as long)
                }
            } catch (IOException gone) {
                // Ended meanwhile, or of another user.
            }
        }
        // Children first.
        found.sort { -depth(it) }
    }

    static void terminate(long pid) {
        signal(pid, 'TERM')
    }

    static void kill(long pid) {
        signal(pid, 'KILL')
    }

    /** A zombie has ended: nobody has asked for its code yet. */
    static boolean alive(long pid) {
        String stat = statOf(pid)
        stat != null && stat.substring(stat.lastIndexOf(')') + 2)[0] != 'Z'
    }

    private static void signal(long pid, String name) {
        ['kill', "-${name}".toString(), "${pid}".toString()].execute().waitFor()
    }

    private static String statOf(long pid) {
        try {
            return new File("/proc/${pid}/stat").text
        } catch (IOException gone) {
            return null
        }
    }

    private static int depth(long pid) {
        int steps = 0
        for (long at = pid; at > 1 && steps < 100; steps++) {
            String stat = statOf(at)
            at = stat == null ? 0 : stat.substring(stat.lastIndexOf(')') + 2).split(' ')[1] as long
        }
        steps
    }

    private static boolean contains(byte[] text, byte[] wanted) {
        for (int at = 0; at + wanted.length <= text.length; at++) {
            if (at > 0 && text[at - 1] != 0) {
                continue
            }
            int same = 0
            while (same < wanted.length && text[at + same] == wanted[same]) {
                same++
            }
            if (same == wanted.length && (at + same == text.length || text[at + same] == 0)) {
                return true
            }
        }
        false
    }
}
