using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments.Reports.Figures;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>The accuracy that is left when a hidden layer is clamped.</summary>
internal static class PerturbationFigure
{
    /// <summary>Draws it.</summary>
    public static Figure? Draw(AnalysisRecord record, Split split) => null;
}
