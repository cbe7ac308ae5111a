using IlgpuDistance.Training.Experiments.Reports.Figures;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>Whether OffsetL2 has learned means and deviations.</summary>
internal static class TheoryFigure
{
    /// <summary>Draws it.</summary>
    public static Figure? Draw(ModelAnalysis model) => null;
}
