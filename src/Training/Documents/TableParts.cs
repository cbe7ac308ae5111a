namespace IlgpuDistance.Training.Documents;

/// <summary>
/// Tables for pages: one that is too wide becomes several below each other, about equally wide, and each has the columns that say
/// what a row is about.
/// </summary>
internal static class TableParts
{
    /// <summary>Words in a column of text that would be wider than this are broken into lines.</summary>
    public const int WidestText = 24;

    /// <summary>The space between columns, in characters.</summary>
    private const double Space = 1.5;

    /// <summary>Headings of figures are broken into lines no shorter than this.</summary>
    private const int NarrowHeading = 10;

    /// <summary>Divides a table; one that is narrow enough stays as it is.</summary>
    /// <param name="table">The table.</param>
    /// <param name="most">Characters in a row, with the space between columns, for which there is room.</param>
    public static IReadOnlyList<ReportTable> Of(ReportTable table, double most)
    {
        List<int[]> parts = Divide(table, most);
        // The smallest limit that gives as many parts leaves no column alone.
        for (double limit = most - 1; limit > 0 && Divide(table, limit) is var same && same.Count == parts.Count; limit--)
            parts = same;
        return parts.Count == 1 ? [table] : [.. parts.Select((columns, number) => Part(table, columns, number))];
    }

    /// <summary>Characters in a row of a table, with the space between columns.</summary>
    public static double WidthOf(ReportTable table) =>
        Enumerable.Range(0, table.Columns.Count).Sum(column => WidthOf(table, column));

    /// <summary>Whether cells of a column are broken into lines.</summary>
    public static bool IsBroken(ReportTable table, int column) =>
        table.Columns[column].IsLong || (table.Columns[column].IsText && LongestCell(table, column) > WidestText);

    /// <summary>A heading in lines that are not much longer than the cells below it.</summary>
    public static IReadOnlyList<string> HeadingOf(ReportTable table, int column)
    {
        int width = Math.Max(NarrowHeading, IsBroken(table, column) ? WidestText : LongestCell(table, column));
        var lines = new List<string>();
        foreach (string word in table.Columns[column].Heading.Split(' '))
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= width)
                lines[^1] += $" {word}";
            else
                lines.Add(word);
        }
        return lines;
    }

    private static List<int[]> Divide(ReportTable table, double limit)
    {
        int[] keys = [.. Enumerable.Range(0, table.Keys)];
        double keysWidth = keys.Sum(column => WidthOf(table, column)), width = keysWidth;
        var parts = new List<List<int>> { new(keys) };
        for (int column = table.Keys; column < table.Columns.Count; column++)
        {
            double more = WidthOf(table, column);
            if (width + more > limit && parts[^1].Count > table.Keys)
            {
                parts.Add([.. keys]);
                width = keysWidth;
            }
            parts[^1].Add(column);
            width += more;
        }
        return [.. parts.Select(part => part.ToArray())];
    }

    private static double WidthOf(ReportTable table, int column)
    {
        int cells = IsBroken(table, column) ? WidestText : LongestCell(table, column);
        return Math.Max(cells, HeadingOf(table, column).Max(line => line.Length)) + Space;
    }

    private static int LongestCell(ReportTable table, int column) =>
        table.Rows.Select(row => row[column].Length).DefaultIfEmpty().Max();

    private static ReportTable Part(ReportTable table, int[] columns, int number) => table with
    {
        Name = number == 0 ? table.Name : FormattableString.Invariant($"{table.Name}-{number + 1}"),
        Caption = number == 0 ? table.Caption : "The same, more columns.",
        Columns = [.. columns.Select(column => table.Columns[column])],
        Rows = [.. table.Rows.Select(row => (IReadOnlyList<string>)[.. columns.Select(column => row[column])])],
    };
}
