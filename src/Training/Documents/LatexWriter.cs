using System.Globalization;
using System.Text;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Documents;

/// <summary>
/// Writes the tables of a report for LaTeX with the packages array, booktabs and longtable. All of them fit its article.
/// </summary>
internal static class LatexWriter
{
    /// <summary>A table with more rows than this may have to be broken across pages.</summary>
    private const int MostRowsOnPage = 40;

    /// <summary>Characters in a row for which the text of article is wide enough in small print.</summary>
    private const double MostCharacters = 78;

    /// <summary>A table with more columns or more characters in a row than this is set in smaller print.</summary>
    private const int MostColumnsInLargerPrint = 6, MostCharactersInLargerPrint = 56;

    /// <summary>Writes the tables.</summary>
    public static void Write(Report report, TextWriter output)
    {
        output.WriteLine($"% {VisibleText.OneLine(report.Title)}");
        output.WriteLine("% The preamble needs: \\usepackage{array,booktabs,longtable}");
        foreach (ReportTable table in report.Tables.SelectMany(table => TableParts.Of(table, MostCharacters)))
        {
            output.WriteLine();
            Write(table, output);
        }
    }

    /// <summary>Text as LaTeX sets it: its special characters quoted, signs and Greek letters in mathematics.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
            escaped.Append(Escape(rune));
        // Two hyphens, as before an option, would become a dash; of three the second pair is found the second time.
        return escaped.Replace("--", "-{}-").Replace("--", "-{}-").ToString();
    }

    private static void Write(ReportTable table, TextWriter output)
    {
        bool isLarger = table.Columns.Count <= MostColumnsInLargerPrint
            && TableParts.WidthOf(table) <= MostCharactersInLargerPrint;
        string BrokenTo(int column) => table.Columns.Count <= 2 && column > 0 ? "0.62" : isLarger ? "0.33" : "0.3";
        string columns = string.Concat(table.Columns.Select((column, at) =>
            TableParts.IsBroken(table, at) ? $">{{\\raggedright\\arraybackslash}}p{{{BrokenTo(at)}\\linewidth}}" : column.IsText
                ? "l" : "r"));
        string heading = HeadingOf(table);
        string rows = string.Concat(table.Rows.Select(Row));
        string caption = $"\\caption{{{Escape(table.Caption)}}}\\label{{tab:{table.Name}}}";
        string print = isLarger ? "\\small" : "\\footnotesize\\setlength{\\tabcolsep}{3pt}";
        output.Write(table.Rows.Count > MostRowsOnPage
            ? $$$"""
                {{{{print}}}\setlength{\LTcapwidth}{\linewidth}
                \begin{longtable}{@{}{{{columns}}}@{}}
                {{{caption}}}\\
                \toprule
                {{{heading}}}\midrule
                \endfirsthead
                \toprule
                {{{heading}}}\midrule
                \endhead
                \bottomrule
                \endfoot
                {{{rows}}}\end{longtable}}

                """
            : $$$"""
                \begin{table}[htbp]
                \centering{{{print}}}
                {{{caption}}}
                \begin{tabular}{@{}{{{columns}}}@{}}
                \toprule
                {{{heading}}}\midrule
                {{{rows}}}\bottomrule
                \end{tabular}
                \end{table}

                """);
    }

    private static string HeadingOf(ReportTable table) => $"{string.Join(" & ", table.Columns.Select((column, at) =>
    {
        string[] lines = [.. TableParts.HeadingOf(table, at).Select(Escape)];
        return lines.Length == 1 ? lines[0] : $"\\shortstack[{(column.IsText ? "l" : "r")}]{{{string.Join(@"\\", lines)}}}";
    }))} \\\\\n";

    private static string Row(IEnumerable<string> cells) => $"{string.Join(" & ", cells.Select(Escape))} \\\\\n";

    private static string Escape(Rune rune) => rune.ToString() switch
    {
        "\\" => "\\textbackslash{}",
        "{" or "}" or "$" or "&" or "#" or "_" or "%" => $"\\{rune}",
        "~" => "\\textasciitilde{}",
        "^" => "\\textasciicircum{}",
        "<" => "\\textless{}",
        ">" => "\\textgreater{}",
        "|" => "\\textbar{}",
        "\"" => "\\textquotedbl{}",
        "−" => "$-$",
        "±" => "$\\pm$",
        "×" => "$\\times$",
        "·" => "$\\cdot$",
        "≤" => "$\\leq$",
        "≥" => "$\\geq$",
        "∞" => "$\\infty$",
        "≈" => "$\\approx$",
        "√" => "$\\surd$",
        "‖" => "$\\|$",
        "α" => "$\\alpha$",
        "β" => "$\\beta$",
        "η" => "$\\eta$",
        "μ" or "µ" => "$\\mu$",
        "σ" => "$\\sigma$",
        "–" => "\\textendash{}",
        "—" => "\\textemdash{}",
        "…" => "\\dots{}",
        "“" => "``",
        "”" => "''",
        "‘" => "`",
        "’" => "'",
        "°" => "$^\\circ$",
        "⁻" => "$^{-}$",
        "⁰" => "$^0$",
        "¹" => "$^1$",
        "²" => "$^2$",
        "³" => "$^3$",
        "⁴" => "$^4$",
        "⁵" => "$^5$",
        "⁶" => "$^6$",
        "⁷" => "$^7$",
        "⁸" => "$^8$",
        "⁹" => "$^9$",
        // Letters of European languages are known to every LaTeX; what else might come has no sign in its fonts.
        var character => rune.Value < 0x180 && !Rune.IsControl(rune)
            ? character
            : $"[U+{rune.Value.ToString("X4", CultureInfo.InvariantCulture)}]",
    };
}
