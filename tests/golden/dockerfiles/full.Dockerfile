FROM jbuild/base:sid-abababababababab
COPY bin/ /usr/local/bin/
COPY --chown=1000:1000 home/ /var/
COPY controller/ /usr/share/jenkins/
COPY ["plugins/bucket/", "/"]
COPY ["files/000/", "/usr/local/share/ca certificates/"]
COPY ["files/001/", "/opt/theme/"]
COPY jbuild/ /usr/share/jenkins/jbuild/
COPY ref/ /usr/share/jenkins/ref/
COPY casc/ /usr/share/jenkins/casc/
ENV CASC_JENKINS_CONFIG="/usr/share/jenkins/casc"
ENV GREETING="say \"hi\" for \$5 \\ more"
ENV JENKINS_HOME="/var/jenkins_home"
ENV TZ="Asia/Shanghai"
LABEL io.github.jbuild.core="3.3.2"
LABEL io.github.jbuild.family="jenkins"
LABEL io.github.jbuild.fingerprint="sha256:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
LABEL org.opencontainers.image.description="Costs \$0 \\ year"
LABEL org.opencontainers.image.title="Quick start"
LABEL org.opencontainers.image.vendor="Ex \"Ample\" & Co"
LABEL org.opencontainers.image.version="1.0"
USER 1000:1000
EXPOSE 8080 50000
VOLUME /var/jenkins_home
ENTRYPOINT ["/usr/bin/tini", "--", "/usr/local/bin/jbuild-start"]
