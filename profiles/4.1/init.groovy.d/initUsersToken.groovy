// The API token with which devops-apiserver of KubeSphere 4.1 logs in as ADMIN_USER. The name of this
// file puts it after initUsers. ADMIN_TOKEN, or a file of that name where CasC looks for secrets, is
// `11` and 32 digits of base 16. Says one line, `jbuild-init api-token ok|skip|fail <why>`.
def say = { outcome, why -> println "jbuild-init api-token ${outcome} ${why}" }
def name = 'ks-devops'
def given = { variable ->
    def file = new File(System.getenv('SECRETS') ?: '/run/secrets', variable)
    System.getenv(variable) ?: (file.canRead() ? file.text.trim() : null)
}
try {
    def user = given('ADMIN_USER')
    def token = given('ADMIN_TOKEN')
    def loader = hudson.model.Hudson.instance.pluginManager.uberClassLoader
    if (!user || !token) {
        say 'skip', 'ADMIN_USER or ADMIN_TOKEN is not set'
    } else if (!(token ==~ /11[0-9a-f]{32}/)) {
        say 'fail', 'ADMIN_TOKEN is not 11 and 32 digits of base 16'
    } else {
        def account = hudson.model.User.get(user, false)
        def held = account?.getProperty(loader.loadClass('jenkins.security.ApiTokenProperty'))
        if (!held) {
            say 'skip', "there is no account ${user}"
        } else if (held.tokenStore.tokenListSortedByName.any { it.name == name }) {
            say 'skip', "${name} is there"
        } else {
            held.tokenStore.addFixedNewToken(name, token)
            account.save()
            say 'ok', "${name} is added"
        }
    }
} catch (Throwable fault) {
    say 'fail', fault.class.name // its message might hold what must not be printed
}
