using IlgpuDistance.Training.Figures;

namespace IlgpuDistance.Training.Documents;

/// <summary>A part of a section. All texts are plain: what needs quoting in a format is quoted by its writer.</summary>
internal abstract record ReportBlock;

/// <summary>A paragraph.</summary>
/// <param name="Text">Its text.</param>
internal sealed record ReportParagraph(string Text) : ReportBlock;

/// <summary>A paragraph that begins with a link.</summary>
/// <param name="Label">The words that are the link.</param>
/// <param name="Target">The address of a file, relative to the report.</param>
/// <param name="Text">What follows the label.</param>
internal sealed record ReportLink(string Label, string Target, string Text) : ReportBlock;

/// <summary>A list of short texts.</summary>
/// <param name="Items">The texts.</param>
internal sealed record ReportList(IReadOnlyList<string> Items) : ReportBlock;

/// <summary>A figure with its caption.</summary>
/// <param name="Figure">The figure.</param>
/// <param name="Caption">Stands below it.</param>
internal sealed record ReportFigure(Figure Figure, string Caption) : ReportBlock;

/// <summary>Claims with their verdicts.</summary>
/// <param name="Findings">The claims.</param>
internal sealed record ReportFindings(IReadOnlyList<Finding> Findings) : ReportBlock;
