using System.Text.Json.Nodes;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>The audit of accessibility that Chromium's own tools have, too: axe-core.</summary>
internal static class Accessibility
{
    public const string WhyMissing = "axe-core is not installed; scripts/check-page does that";

    /// <summary>The file of axe-core, or null where it is not installed.</summary>
    public static string? Program { get; } = Find();

    /// <summary>Audits the page that a browser shows.</summary>
    /// <returns>A line for each rule that is broken, with an element that breaks it.</returns>
    public static async Task<string[]> AuditAsync(Chromium browser)
    {
        if (!(await browser.EvaluateAsync("'axe' in globalThis")).GetValue<bool>())
            await browser.EvaluateAsync($"{await File.ReadAllTextAsync(Program!)}; true");
        JsonArray found = (await browser.EvaluateAsync("""
            axe.run().then(result => result.passes.length === 0 ? ['nothing was audited'] : result.violations.map(rule =>
                `${rule.id}: ${rule.help}: ${rule.nodes[0].html} (${rule.nodes[0].failureSummary})`))
            """)).AsArray();
        return [.. found.Select(line => line!.GetValue<string>())];
    }

    private static string? Find()
    {
        if (Checkout.Folder is null)
            return null;
        string file = Path.Combine(Checkout.Folder, "checks", "Page", "node_modules", "axe-core", "axe.min.js");
        return File.Exists(file) ? file : null;
    }
}
