import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.LogManager;

import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

/**
 * Checks files against PDF/A-2a and PDF/UA-1 with the veraPDF library. A test tool: it is not part of the product.
 *
 * <p>Usage: {@code Vera FILE...}. One line for each file and standard, PASS or FAIL with the failed clauses below it.
 * The exit status is 0 when everything passes, 1 when something fails and 2 when a file could not be checked.
 */
public final class Vera {
    private static final Map<String, String> STANDARDS = Map.of("2a", "PDFA-2A", "ua1", "PDFUA-1");
    private static final int MOST_FAILURES = 1000;

    private Vera() {}

    public static void main(String[] files) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        int status = 0;
        for (String file : files) {
            for (String standard : new TreeMap<>(STANDARDS).keySet()) {
                status = Math.max(status, check(file, standard));
            }
        }
        System.exit(status);
    }

    private static int check(String file, String standard) {
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(standard);
        try (InputStream pdf = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(pdf, flavour)) {
            PDFAValidator validator = Foundries.defaultInstance()
                    .createValidator(profile(standard), MOST_FAILURES, false, true, false);
            ValidationResult result = validator.validate(parser);
            System.out.println((result.isCompliant() ? "PASS " : "FAIL ") + standard + " " + file);
            if (result.isCompliant()) {
                return 0;
            }
            printFailures(result);
            return 1;
        } catch (Exception problem) {
            System.out.println("ERROR " + standard + " " + file + ": " + problem);
            return 2;
        }
    }

    private static ValidationProfile profile(String standard) throws Exception {
        String path = "/org/verapdf/pdfa/validation/" + STANDARDS.get(standard) + ".xml";
        try (InputStream profile = Vera.class.getResourceAsStream(path)) {
            return Profiles.profileFromXml(profile);
        }
    }

    private static void printFailures(ValidationResult result) {
        Map<String, String> examples = new TreeMap<>();
        Map<String, Integer> counts = new TreeMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                String clause = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                counts.merge(clause, 1, Integer::sum);
                examples.putIfAbsent(clause, assertion.getMessage() + " @ " + assertion.getLocation().getContext());
            }
        }
        counts.forEach((clause, count) ->
                System.out.println("  " + clause + " x" + count + ": " + examples.get(clause)));
    }
}
