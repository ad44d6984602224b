import hudson.AbortException

/**
 * The first pass over a part of a declarative pipeline: notes which words stand in it, with what
 * follows each, and carries nothing out. A word that does not belong there is an error, as it is
 * when Jenkins compiles the file.
 */
class Section {
    private final String name
    private final List<String> known
    final List<Map> words = []

    Section(String name, List<String> known) {
        this.name = name
        this.known = known
    }

    static Section read(String name, List<String> known, Closure body) {
        Section section = new Section(name, known)
        Closure copy = (Closure) body.clone()
        copy.delegate = section
        copy.resolveStrategy = Closure.DELEGATE_FIRST
        copy.call()
        section
    }

    /** Runs what is no section but a piece of program: its words are steps. */
    static Object run(Closure body) {
        Closure copy = (Closure) body.clone()
        copy.delegate = body.thisObject
        copy.resolveStrategy = Closure.DELEGATE_FIRST
        copy.call()
    }

    @Override
    Object invokeMethod(String word, Object arguments) {
        if (!(word in this.@known)) {
            throw new AbortException("'${word}' does not belong into ${this.@name}: ${this.@known.join(', ')} do")
        }
        this.@words << [word: word, given: arguments as List]
        null
    }

    /** Bare words such as `none` and `any`; all else is a variable of the file. */
    @Override
    Object getProperty(String word) {
        if (word in ['none', 'any']) {
            return word
        }
        throw new MissingPropertyException(word, Section)
    }

    @Override
    void setProperty(String word, Object value) {
        if (this.@name != 'environment') {
            throw new AbortException("nothing is assigned in ${this.@name}")
        }
        this.@words << [word: word, given: [value]]
    }

    Object first(String word) {
        this.@words.find { it.word == word }?.given?.getAt(0)
    }

    List<Map> all() {
        this.@words
    }
}
