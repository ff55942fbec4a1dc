// The token for the SonarQube server of casc/, as the credential that it names.
// In CasC it would be the only credential: CasC replaces all that people have added.
// SONAR_AUTH_TOKEN, or a file of that name where CasC looks for secrets, holds the token.
// Says one line, `jbuild-init sonarqube ok|skip|fail <why>`, and changes nothing when it is there.
def say = { outcome, why -> println "jbuild-init sonarqube ${outcome} ${why}" }
def id = 'sonar-token'
def load = { name ->
    try {
        hudson.model.Hudson.instance.pluginManager.uberClassLoader.loadClass(name)
    } catch (Throwable gone) {
        null
    }
}
def given = { name ->
    def file = new File(System.getenv('SECRETS') ?: '/run/secrets', name)
    System.getenv(name) ?: (file.canRead() ? file.text.trim() : null)
}
try {
    def token = given('SONAR_AUTH_TOKEN')
    def kind = load('org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl')
    def provider = load('com.cloudbees.plugins.credentials.SystemCredentialsProvider')
    def scope = load('com.cloudbees.plugins.credentials.CredentialsScope')
    def secret = load('hudson.util.Secret')
    if (!token) {
        say 'skip', 'SONAR_AUTH_TOKEN is not set'
    } else if (!kind || !provider || !scope || !secret) {
        say 'skip', 'credentials or plain-credentials is not there'
    } else {
        def held = provider.getMethod('getInstance').invoke(null)
        if (held.credentials.any { it.hasProperty('id') && it.id == id }) {
            say 'skip', "${id} is there"
        } else {
            def hidden = secret.getMethod('fromString', String).invoke(null, token)
            def made = kind.constructors.find { it.parameterTypes.size() == 4 }
            def global = scope.getField('GLOBAL').get(null)
            held.credentials.add(made.newInstance(global, id, 'for SonarQube', hidden))
            held.save()
            say 'ok', "${id} is added"
        }
    }
} catch (Throwable fault) {
    say 'fail', fault.class.name // its message might hold what must not be printed
}
