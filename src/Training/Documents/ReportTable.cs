namespace IlgpuDistance.Training.Documents;

/// <summary>A table.</summary>
/// <param name="Name">Its name in references; unique in a report.</param>
/// <param name="Caption">Says what it shows.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The rows; each has a cell for every column.</param>
internal sealed record ReportTable(
    string Name, string Caption, IReadOnlyList<TableColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) : ReportBlock
{
    /// <summary>How many of the first columns say what a row is about; where a table is divided, every part has them.</summary>
    public int Keys { get; init; } = 1;
}

/// <summary>A column of a table.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="IsText">Whether it holds words, which begin at the left; figures end at the right.</param>
/// <param name="IsLong">Whether its words may need more than one line.</param>
internal sealed record TableColumn(string Heading, bool IsText = false, bool IsLong = false)
{
    /// <summary>
    /// What stands beside a cell where there is no room for headings; the heading itself, unless it is a number only.
    /// </summary>
    public string Label { get; init; } = Heading;
}
