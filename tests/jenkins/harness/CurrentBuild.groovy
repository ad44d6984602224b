/** `currentBuild`, as far as it is read or set. */
class CurrentBuild {
    private final Build build

    CurrentBuild(Build build) {
        this.build = build
    }

    String getResult() { build.result }

    void setResult(String result) { build.worsen(result) }

    String getCurrentResult() { build.currentResult }

    String getDescription() { build.description }

    void setDescription(String text) { build.description = text }

    int getNumber() { build.scenario.number as int }
}
