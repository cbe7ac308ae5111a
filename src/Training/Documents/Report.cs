namespace IlgpuDistance.Training.Documents;

/// <summary>A report, without a decision how it is written down: as Markdown, HTML or LaTeX.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Sections">Its sections, in their order.</param>
internal sealed record Report(string Title, IReadOnlyList<ReportSection> Sections)
{
    /// <summary>All figures, in their order.</summary>
    public IEnumerable<ReportFigure> Figures => Sections.SelectMany(section => section.Blocks).OfType<ReportFigure>();

    /// <summary>All claims with their verdicts, in their order.</summary>
    public IEnumerable<Finding> Findings =>
        Sections.SelectMany(section => section.Blocks).OfType<ReportFindings>().SelectMany(block => block.Findings);

    /// <summary>All tables, in their order.</summary>
    public IEnumerable<ReportTable> Tables => Sections.SelectMany(section => section.Blocks).OfType<ReportTable>();
}

/// <summary>A part of a report under a heading.</summary>
/// <param name="Name">Its name in links; unique in a report.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Blocks">What it holds.</param>
internal sealed record ReportSection(string Name, string Title, IReadOnlyList<ReportBlock> Blocks);
