package io.campanile.identity;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.campanile.identity");

    @Test
    void servicesKnowNeitherHttpNorSql() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Service")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "org.jooq..", "java.sql..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void onlyStoresAndWiringUseTheDatabase() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Store")
                .and()
                .haveSimpleNameNotEndingWith("Server")
                .and()
                .resideOutsideOfPackage("..db..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jooq..", "java.sql..", "io.campanile.identity.db..")
                .check(CLASSES);
    }

    @Test
    void nothingDependsOnAnotherService() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.campanile.gateway..",
                        "io.campanile.workspace..",
                        "io.campanile.cluster..",
                        "io.campanile.notebook..",
                        "io.campanile.node..")
                .check(CLASSES);
    }

    @Test
    void featuresHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching("io.campanile.identity.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }
}
