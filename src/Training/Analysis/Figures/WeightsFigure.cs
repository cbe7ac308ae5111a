using IlgpuDistance.Training.Experiments.Reports.Figures;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>The distributions of the parameters.</summary>
internal static class WeightsFigure
{
    /// <summary>Draws it.</summary>
    public static Figure? Draw(AnalysisRecord record) => null;
}
