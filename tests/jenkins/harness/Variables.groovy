/** `env`: reads what is in force here, sets for the whole build. */
class Variables {
    private final Build build

    Variables(Build build) {
        this.build = build
    }

    @Override
    Object getProperty(String name) {
        this.@build.variable(name)
    }

    @Override
    void setProperty(String name, Object value) {
        this.@build.env[name] = value == null ? null : value.toString()
    }
}
